"""What approves itself above a bar of strength, and how all of it is taken back."""
