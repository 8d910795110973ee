"""What tests of every service use: the pytest plugin, servers of their own, virtual hosts, and one way to wait."""
