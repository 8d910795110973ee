"""A sample city and one case played in it, over the public API only: what `make demo` shows and journey tests play."""
