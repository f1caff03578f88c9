"""Match by rules and preferences beyond texts, as a plugin like any other.

Read in this order: sets (what a coordinator chose), applying (how it reaches a run), plugin (the hooks), judging (the
score, the forbidden pairs and the reasons), kinds (one module for each kind of criterion), and service and preview,
which keep sets in the database and say whom a set would leave without anybody.
"""
