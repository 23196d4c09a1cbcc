"""How the Bot API says no."""


class ApiError(Exception):
    def __init__(self, code, description, wrong=False, **parameters):
        Exception.__init__(self, description)
        prefix = {400: "Bad Request: ", 403: "Forbidden: ", 409: "Conflict: "}.get(code, "")
        self.code, self.description = code, prefix + description
        self.wrong, self.parameters = wrong, parameters


def bad(description, **parameters):
    return ApiError(400, description, **parameters)


def wrong(description):
    return ApiError(400, description, wrong=True)
