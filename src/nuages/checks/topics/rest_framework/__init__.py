"""REST framework, and the other ways to answer with data: GraphQL, Ninja."""
