"""A map of all passages by meaning: where each stands, in which cluster, and what the clusters are about."""
