"""What Streamlit runs for each session, anew at each click. It stands in a folder of its own because Streamlit puts
that folder before the standard library, where ui/html.py would take the place of Python's html."""

from ui import app, turns

with turns.turn():
    app.run()
