"""Sites of other kinds than the newsroom: each a Django project, and a walk through it."""
