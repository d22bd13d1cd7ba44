"""The clauses, case by case."""
