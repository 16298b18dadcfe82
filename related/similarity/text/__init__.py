"""From text to term counts: words, stems, hashed ids, summaries."""
