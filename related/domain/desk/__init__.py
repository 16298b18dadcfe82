"""What editors look at: the queue of articles, and the desk of one."""
