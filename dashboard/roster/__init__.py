"""The admin's page behind its markup: accounts and sessions within scope, and the audit log."""
