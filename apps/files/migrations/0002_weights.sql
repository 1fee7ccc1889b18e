-- Lists order by size: the tree learns it from now on with each file (files::store), and here for those that are there.
UPDATE item SET weight = file.size FROM file WHERE file.item = item.id;
