"""Access for programs: tokens a person makes on "my page", each with its scopes and its end."""
