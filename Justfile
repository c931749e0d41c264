# Short names for `cargo xtask`, for who has `just`. Without it: `cargo xtask run`, `cargo xtask test`.

# Build and serve the portal with a demo practice.
run *options:
    cargo xtask run {{options}}

# Set up and run every test.
test *options:
    cargo xtask test {{options}}

# Measure what requests cost, beside a bare handler; writes docs/performance.md.
bench *options:
    cargo xtask bench {{options}}

# Format, lints, docs, dependencies, types.
check:
    cargo xtask check

# Build the single-page app.
web *options:
    cargo xtask web build {{options}}

# Find or install what building and testing need.
setup:
    cargo xtask setup --tests

# Write the code in the house's format.
format:
    cargo fmt --all
