"""What is done about a confirmed report: the case register, and every case from its entry to its closing."""
