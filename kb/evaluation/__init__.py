"""How well a knowledge base answers judged questions: `python -m kb evaluate`."""
