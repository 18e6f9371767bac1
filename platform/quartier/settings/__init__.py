"""Settings: `dev` (demo and development), `test`, `prod`. Each starts from `base`; the environment enters by `env`."""
