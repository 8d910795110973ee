"""What runs a service: its door, its follower, its clock, and one leader among replicas."""
