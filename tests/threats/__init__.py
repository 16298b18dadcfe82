"""What attackers try: other people's pages, forged forms, hostile markup, planted pickles."""
