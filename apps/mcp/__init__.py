"""
Agent tools over every domain, by the Model Context Protocol.

Not here: any rule of its own: it calls the other apps' doors.
"""
