-- The files of models: every version's ONNX file, trees and card, in folders by model and version.
create stage if not exists models.model_files
comment = 'churn-mcp: the files of models'
