"""The HTTP service: parse, call one procedure in a bounded thread pool, show what it answered.

:func:`create_app` wires the routes to an opened site, :func:`openapi_document` describes them without one. Whatever
is wrong becomes an RFC 9457 problem; whoever is not known gets nothing but health and the public log.
"""

from countenance.interfaces.api.app import create_app, openapi_document

__all__ = ["create_app", "openapi_document"]
