"""What editors decide: one writer, and everything that goes through it."""
