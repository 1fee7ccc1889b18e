-- Serves lists: which of these folders is a copy that still goes on.
CREATE INDEX file_copy_root_by_item ON file_copy_root (item);
