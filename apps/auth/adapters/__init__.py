"""What lies outside: ciphers and the mail."""
