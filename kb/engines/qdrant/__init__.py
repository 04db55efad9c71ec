"""A knowledge base on a Qdrant cluster, for any number of machines that search and ingest.

The cluster is the truth. A machine keeps a catalogue beside it, in its own folder: the same SQLite tables without
the vectors, so that pages and lists are as quick as in one folder. It follows what other machines change.
"""
