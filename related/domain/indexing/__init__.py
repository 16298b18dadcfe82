"""Waiting documents: claimed, analyzed, stored."""
