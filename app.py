"""The web page: `streamlit run app.py`. Opens the knowledge base and hands it to the pages in ui/.

The knowledge base is the folder in $KB_HOME, else ./data.
"""

from pathlib import Path

import streamlit as st

from kb import KnowledgeBase
from ui import app


@st.cache_resource(show_spinner=False)
def knowledge_base() -> KnowledgeBase:
    """The one knowledge base of this server, shared by all sessions."""
    kb = KnowledgeBase.open(create=True)
    app.warm_up(kb)
    return kb


st.set_page_config(page_title="HopKB", page_icon=str(Path(__file__).parent / "ui" / "icon.png"), layout="centered")
app.run(knowledge_base)
