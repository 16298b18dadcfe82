"""The documents of one language: stored arrays, this process's copy of them, snapshots."""
