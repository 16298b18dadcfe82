"""Operations in bulk: which links each would change, shown first, and then changed in pieces."""
