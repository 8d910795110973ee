"""What was said: reports of violence against children, from reception to the end of their verification."""
