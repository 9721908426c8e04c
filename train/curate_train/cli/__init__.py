"""The commands of ``curate train``, one small file each, loaded when called."""
