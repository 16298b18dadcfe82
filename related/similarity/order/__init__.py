"""The order in which stored neighbors are offered: titles, hubs and closeness in time."""
