"""From neighbors to suggestions, by the rules of the slots."""
