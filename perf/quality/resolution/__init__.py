"""How well entity resolution tells works apart."""
