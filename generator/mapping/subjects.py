"""placeholder"""

from generator.claims.model import Claim


def check_claims(graph: object, mapping: object) -> tuple[dict[str, tuple[Claim, ...]], tuple[()]]:
    return {}, ()
