"""The worlds page's server side: recipes and their settings, previews of maps, edited maps. Routes are elsewhere."""
