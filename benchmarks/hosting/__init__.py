"""Several hosts on one machine: network namespaces, each with its own disk, core and clock."""
