"""Hidden databases of a case: whether an answer is right on them too, and what mistake a wrong one makes."""
