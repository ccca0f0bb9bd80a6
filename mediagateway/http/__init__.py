"""What every HTTP endpoint shares: problems, queries, pages, conditional answers, middleware."""
