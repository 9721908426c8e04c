"""LanguageTool as a grammar engine: a server of our own or somebody's, and what is said to it over HTTP."""
