"""Bringing a model's files here: from the hub or a mirror, a folder, or an archive on a USB stick."""
