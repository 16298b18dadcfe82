"""What stands on a page: candidates are placed, links are what a site is given."""
