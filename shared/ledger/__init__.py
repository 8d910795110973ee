"""The history that nobody can change unseen: append-only logs per tenant, their Merkle trees and checkpoints."""
