"""What two services or more use and no domain owns: ledger, sealing, messaging, runners, and the parts they share."""
