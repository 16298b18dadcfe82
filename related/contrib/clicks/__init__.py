"""How often readers see and follow links: counted without knowing who they are."""
