-- The frames of the active codebook.
SELECT frame, coalesce(parent_frame, '') AS parent_frame, coalesce(label, '') AS label,
       coalesce(group_name, '') AS group_name, coalesce(description, '') AS description
FROM   v_frame
ORDER  BY position, frame
