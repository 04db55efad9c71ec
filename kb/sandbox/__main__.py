"""`python -m kb.sandbox`: which layers of confinement this computer grants."""

from dataclasses import asdict

from kb.sandbox import granted

if __name__ == "__main__":
    for name, holds in asdict(granted()).items():
        print(f"{name:12}{'yes' if holds else 'no'}")
