"""The kinds of question a form can ask."""
