"""`./dev bootstrap`: creates or checks what an environment needs before its stacks: state, key, identities, roles."""
