"""Passages that repeat: sentences that stand in the texts of several stories."""
