"""The web page: `streamlit run app.py`. Joins the pages in ui/ with what else the server answers.

The knowledge base is the folder in $KB_HOME, else ./data.
"""

import streamlit as st

from ui.server import files, gate, sign_in, style

app = st.App(
    "ui/session/script.py",
    middleware=[*gate.middleware(), *style.middleware()],
    routes=[*sign_in.routes(), *files.routes(gate.guard().base)],
)
